"""Regimap's planner: one patient's whole treatment course, from protocol templates to printed schedules.

resources --read (content)--> Protocol, SequencingRule, Agent
Plan --assemble (assembly)--> Schedule --check (checking)--> Findings --lay out (timeline)--> Timeline
All of it in one value, EvaluatedPlan, made by services.evaluation.evaluate; kept by storage, printed by exports.
No Qt anywhere below this folder.
"""
