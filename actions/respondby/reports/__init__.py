"""Figures that one can trust: one set of facts, and one function for each question that anybody asks of them.

Monthly report, status meeting, queue, status page, badges and `summary.json` read these and compute nothing themselves.

    case, history, assessment ─► reading.facts_of ─► CaseFacts ─┐
    post-mortems, action items ─► desk.WrittenUp ──────────────┼─► desk.made ─► Facts ─► one function a question
    what could not be read ─────► (ref, why) ───────────────────┘

| question | function | answer |
| --- | --- | --- |
| what is one case to a report | `reading.facts_of(policy, history, assessment)` | `cases.CaseFacts` |
| all of them; of one product or customer | `desk.made(…)`, `desk.scoped(facts, product=, customer=)` | `desk.Facts` |
| which month, day, ninety days | `periods.month`, `periods.day_of`, `periods.last_days` | `periods.ReportPeriod` |
| how long was a product up | `uptime.uptime(facts, product, period)` | `uptime.UptimeFigure`, with its `spans` |
| is it down now, and by what | `uptime.state_of(facts, product, at)` | `uptime.Down` or None |
| what was kept of each promise | `attainment.attainment(facts, period)` | `Attainment` |
| what was kept in all | `attainment.total(facts, period)` | `figures.Share` |
| which runs were due, and what came of each | `attainment.judged(facts, period)` | `Judged` |
| incidents of a period | `happenings.incidents(facts, period)` | `IncidentRow` |
| downtime of no product | `happenings.unplaced(facts, period)` | the case and its `Impact` |
| pages by day and night | `happenings.calls(facts, period)` | `Called` |
| what is open, how old | `happenings.backlog(facts, at)` | `Age` |
| what came and went | `happenings.flow(facts, period)` | `Flow` |
| action items, workarounds, maintenance to come | `happenings.items`, `.workarounds`, `.coming` | rows |
| how late were our own runs | `happenings.lateness(facts, period)` | `figures.Lengths` |
| what the public may read | `status_page.status_page(facts)` | `status_page.StatusPage` |
| what to answer next | `queue.queue(facts, product=, customer=, person=)` | `queue.Queue` of `QueueRow` |

Laws:

- Pure: no clock, network, file or environment. The same facts, the same figures, in the same order.
- Every figure carries the cases that it comes from (`cases`, `runs`, `worst_case`); what it means is said by the law of
  its module, in words by `letters`.
- What is not known is no zero: there is None and the code of the reason, or a third state beside up and down.
- Nothing is rounded here; `figures.Share.floor` rounds once, when it is shown, and down.
"""
