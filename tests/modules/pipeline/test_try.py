def test_road(world):
    a = world.as_("王磊")
    print(a.list("pipelines"), [s["name"] for s in a.list("stages", sort="position")])
    with world.statements() as s1:
        lead = a.post("leads", {"company": "苏州精工", "contact_name": "张三", "mobile": "13800000000", "email":"z@e.com", "lead_source": "展会", "need": "三台机床"}, key="a")
    print(len(s1), lead)
    with world.statements() as s:
        lead = a.post(f"leads/{lead['id']}/work", {}, key="b")
    print("work", len(s))
    with world.statements() as s:
        lead = a.post(f"leads/{lead['id']}/qualify", {}, key="c")
    print("qualify", len(s))
    with world.statements() as s:
        lead = a.post(f"leads/{lead['id']}/convert", {"amount": "1000.00"}, key="d")
    print("convert", len(s), "\n", s)
    print(lead)
    opp = a.get("opportunities/" + lead["opportunity"]["id"])
    print(opp)
    ev = [e for e in world.events_of(lead) if e.verb == "convert"][0]
    with world.statements() as s:
        print(a.post(f"/undo/{ev.id}", {}, key="e"))
    print("unconvert", len(s), "\n", s)
    print(a.list("customers"), a.list("contacts"))
    lead = a.post(f"leads/{lead['id']}/convert", {"amount": "1000.00"}, key="f")
    opp = a.get("opportunities/" + lead["opportunity"]["id"])
    st = a.list("stages", sort="position")
    with world.statements() as s:
        opp = a.post(f"opportunities/{opp['id']}/advance", {"to": st[4]["id"]}, key="g")
    print("advance", len(s), opp["probability"])
    r = a.post(f"opportunities/{opp['id']}/advance", {"to": st[5]["id"]}, status=422)
    print(r)
    with world.statements() as s:
        opp = a.post(f"opportunities/{opp['id']}/win", {"on": "2026-03-02"}, key="h")
    print("win", len(s), opp["probability"])
    with world.statements() as s:
        act = a.post("activities", {"opportunity": opp["id"], "text": "拜访", "kind": "visit", "happened_at": "2026-02-27T08:00:00Z", "next_on": "2026-03-09"}, key="i")
    print("activity", len(s), act)
