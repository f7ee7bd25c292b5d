"""One file a kind of rule. Each has `find(rule, wanted, context)`: the hits, in order of time, with their words.

A kind asks the Context and nothing else, keeps no state, and gives the same hits for the same answers. `series` are the
doses that are meant, `spans` the co-medications, `facts` and `limit_on` what is known of the patient on a day. What it
asked is noted: a rule is judged anew only where doses came, went or moved that it asked for, or a fact turned: age,
measurements and results are the same from one of their days to the next, so `results_on` gives the newest result there
is. What depends on the very day of a result asks for `result_of`, or for the `patient`. Where a dose only has to be
counted, `days`, `first` and `alike` make no event of it. Whoever asks for `assessments`, `decision`, `first_measured`
or `schedule` is judged anew at every change, so ask for a series where that will do.

A kind that looks only so many days around each dose also has `reach(wanted, known)`, entered in checking.check.REACHES.
It is then judged cycle by cycle, and its verdict remembered by the contents and distances of the cycles within reach.
Such a kind takes the doses it judges from `judged`, `judged_events`, `judged_alike` or `first_judged` and those it
compares them with from `series` or `alike`; it names nothing farther away than its reach, and compares blocks by their
ids. Where one of its rules has to look farther, `reach` answers None and the whole plan is judged.
"""
