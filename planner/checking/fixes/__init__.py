"""One file a kind of fix. Each has `propose(case)`: the least changes of its kind that would end the finding.

A proposal is made from the finding, its rule and the plan, on the contents of the cycles as they stand: it is only an
offer once the whole plan was assembled and checked with it (services.fixing), because ages, weights and other rules may
see the change too.
"""
