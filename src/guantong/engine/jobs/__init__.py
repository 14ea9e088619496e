"""Long work and schedules on procrastinate: jobs that people can watch, the worker, leftover reactions, the reaper."""
