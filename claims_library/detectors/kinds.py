"""Kinds of claims, which of them weigh more, and the words by which a sentence is placed."""

from __future__ import annotations

from claims_library.wordlists import words

# gravest first
ORDER = (
    *("superiority", "comparison", "exclusivity", "testimonial", "quality-of-life", "cost"),
    *("convenience", "safety", "efficacy", "adherence", "promise", "mechanism", "dosing"),
)
RANK = {kind: rank for rank, kind in enumerate(ORDER)}
# kinds that an account's own facts speak of as well (easier parking, fewer visits, lower budget)
OF_ACCOUNTS = words("convenience cost comparison testimonial promise exclusivity adherence")
# kinds of which a few words are enough, in a heading too
TELLING = words("superiority comparison exclusivity promise testimonial quality-of-life cost")
TELLING_LABELS = TELLING | words("convenience dosing safety adherence")
OF_WORK = words("convenience cost")
LAY = words("exclusivity convenience promise")

LONG = 12  # words; a claim so long speaks of somebody, a disease or a treatment
ENOUGH = 3  # words of a hit that make a claim of a question or request
MEDICAL = ("treatment", "drug", "human", "disease", "safety", "pk", "body", "pct", "expert")
MEASURES = words("endpoint endpoints questionnaire questionnaires instrument")
FOUND = words("seen observed achieved demonstrated")
DESIGN = words(
    """
    randomized randomised evaluated assessed studied demonstrated received administered enrolled
    assigned
    """
)
DOING = words("holds works lasts keeps gives makes helps brings wins stands beats leads saves cuts")
ANYBODY = words("everyone anyone someone people persons")
# what somebody at an account will do with a product, or do first
OF_DOING = words("promise exclusivity convenience")
# of a level that is a disease by itself
RAISED = tuple([word] for word in ("cholesterol", "blood", "triglycerides", "sugar"))
# verbs by which it is only said who somebody was, or when he was seen
WEAK_RESULTS = words("is are was were has have had seen read recorded took takes met")
# a plan's limits of quantity are no dosage
PAYING = words("plan plans payer payers insurer insurers policy policies formulary contract")
