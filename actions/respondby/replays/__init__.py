"""What a changed promise would have changed: cases that have happened, played again under another policy.

    case ─► evidence.what_people_did ─► playing.replay(base) ─┐
                                    └─► playing.replay(head) ─┴─► differences.compare ─► Difference ─► totals.totals

| question | function | answer |
| --- | --- | --- |
| what did people do, without what the desk did of it | `evidence.what_people_did(policy, case)` | `Evidence` |
| what would have been promised, and who called | `playing.replay(policy, evidence, until)` | `playing.Replay` |
| what does the record say was promised | `evidence.as_recorded(policy, case, until)` | `evidence.Recorded` |
| what is another under the other policy | `differences.compare(…)` | `differences.Difference` |
| what it all comes to | `totals.totals(…)` | `totals.Totals` |
| what cannot be played again | `limits` | codes, with their cases |

Laws:

- Pure: no clock, network, file or environment. Two policies that say the same differ in no case.
- People do what they did, when they did it: nobody answers sooner because they would have been called sooner.
- The candidate judges everything, from the case's first second on: what was in force then is set aside, pins as well.
- A desk that looks at every instant at which there is something to do: nothing is late because a run was.
- Every figure carries the cases that it comes from.
"""
