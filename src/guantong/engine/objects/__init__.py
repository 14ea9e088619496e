"""What a business object is: its class, and the specification that everything else reads."""

from guantong.engine.objects.business_object import BusinessObject, Document, Line

__all__ = ["BusinessObject", "Document", "Line"]
