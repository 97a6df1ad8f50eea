"""What a programme did beyond value added of a cluster: jobs, investment, firms, and their own support alone."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import InputError, Scenario, simulate, twin
from klastersim.indicators.firm_effects import firm_effects, noted
from klastersim.indicators.intervals import student_quantile
from klastersim.indicators.outcomes import GAINS, OUTCOMES, cost_of_activation, deadweight_of, grade_of, leverage_of
from klastersim.indicators.own_effects import OwnEffect, OwnEffects
from klastersim.world.layout import SERIES, VACANT

SENTRA = Scenario.preset("sentra")
GROWS = SENTRA.replace({"growth.enabled": True})

#: A short programme for a small cluster, which reaches few of its firms.
SMALL = SENTRA.replace(
    {
        "cluster.firms": 14,
        "programme.start": 40,
        "programme.end": 44,
        "programme.budget": 40.0,
        "programme.channel": "individual",
        "ties.trust": 0.7,
    }
)
MONTHS = 104


def series(months, **columns):
    found = np.zeros(months, SERIES)
    for name, values in columns.items():
        found[name] = values
    return found


def steps(months, before, after):
    """One value until the programme's end, another from then on."""
    values = np.full(months, float(before))
    values[72:] = after
    return values


def test_deadweight_is_told_by_jobs_and_investment_where_firms_grow():
    with_ = series(132, jobs=steps(132, 100, 110), investment=steps(132, 2, 3), invested=steps(132, 5, 50))
    without = series(132, jobs=steps(132, 100, 109.5), investment=steps(132, 2, 2), invested=steps(132, 5, 5))
    jobs = deadweight_of(with_, without, GROWS, "jobs")
    assert (jobs.gain_with, jobs.gain_without) == (pytest.approx(360.0), pytest.approx(342.0))
    assert jobs.grade == "absolute"
    invested = deadweight_of(with_, without, GROWS, "investment")
    assert (invested.gain_with, invested.gain_without, invested.grade) == (pytest.approx(36.0), 0.0, "zero")


def test_where_firms_do_not_grow_jobs_are_fixed_and_investment_is_what_machines_cost():
    with_, without = series(132, invested=steps(132, 1, 2)), series(132, invested=steps(132, 1, 1.5))
    machines = SENTRA.replace({"functions.enabled": True})
    assert deadweight_of(with_, without, machines, "jobs") is None
    assert deadweight_of(with_, without, machines, "investment").grade == "partial"
    assert deadweight_of(with_, without, SENTRA, "investment") is None
    with pytest.raises(InputError, match=r'outcome = "job" is not one of .* Did you mean "jobs"\?'):
        deadweight_of(with_, without, SENTRA, "job")


def test_nothing_gained_on_a_base_of_nothing_is_no_gain():
    assert grade_of(0.0, 0.0, 0.0) == "no gain"
    assert grade_of(0.1, 0.0, 0.0) == "zero"


def test_shares_of_the_three_grades_are_those_of_supported_firms_that_gained():
    base = np.full(6, 100.0)
    with_ = np.array([110.0, 110.0, 110.0, 110.0, 90.0, 110.0])
    without = np.array([100.0, 105.0, 109.5, 110.0, 90.0, 100.0])
    supported = np.array([True, True, True, True, True, False])
    found = firm_effects(with_, without, base, supported, 36)
    assert found.deadweight == {"absolute": 0.5, "partial": 0.25, "zero": 0.25}
    assert found.supported_grades["loss"] == 1
    assert found.grades["zero"] == 2
    assert tuple(found.deadweight) == GAINS
    assert firm_effects(without, without, without, supported, 36).deadweight is None


@pytest.fixture(scope="module")
def growing():
    changes = {"growth.enabled": True, "growth.exit_hazard": 0.0, "growth.loss_exit": 0.0, "programme.budget": 400.0}
    return twin(SMALL.replace(changes), seed=3, months=MONTHS)


def test_what_firms_note_of_jobs_and_investment_adds_up_to_what_the_cluster_had(growing):
    for run in (growing.with_, growing.without):
        for measure, before, after in (
            ("value_added", "value_before", "value_after"),
            ("jobs", "jobs_before", "jobs_after"),
            ("investment", "invested_before", "invested_after"),
        ):
            firms = noted(run.world, measure)
            assert firms[before].sum() == pytest.approx(run.measures[measure][3:39].sum())
            assert firms[after].sum() == pytest.approx(run.measures[measure][68:104].sum())


def test_machines_bought_with_help_count_as_invested_by_who_bought_them():
    changes = {
        "functions.enabled": True,
        "mix.equipment": 50.0,
        "programme.budget": 2000.0,
        "functions.machine_price": 25.0,
        "functions.machine_months": 12,
        "finance.working_capital": 6.0,
        "programme.end": 104 - 60,
    }
    run = simulate(SMALL.replace(changes), MONTHS, 2)
    assert run.measures["invested"][3:39].sum() > 0.0
    assert run.world.outcomes["invested_before"].sum() == pytest.approx(run.measures["invested"][3:39].sum())
    late = SMALL.replace(changes | {"programme.start": 37, "programme.end": 40})
    run = simulate(
        late.replace({"events": [{"kind": "programme", "month": 70, "until": 75, "budget": 2000.0}]}), 100, 2
    )
    helped = np.asarray(run.world.firms["granted"]) > 0
    assert helped.any()
    assert run.world.outcomes["invested_after"].sum() == pytest.approx(run.measures["invested"][64:100].sum())


def test_job_gain_is_the_mean_of_three_years(growing):
    with_, without = growing.with_.measures["jobs"][68:104], growing.without.measures["jobs"][68:104]
    assert growing.job_gain == pytest.approx(float((with_ - without).mean()))
    assert growing.job_gain != 0.0
    assert set(growing.deadweights) == {"value_added", "jobs", "investment"}
    assert growing.deadweights["value_added"] == growing.deadweight
    assert growing.effects_on("value_added") == growing.firm_effects
    assert sum(growing.effects_on("jobs").grades.values()) == 14


def test_the_effects_of_firms_are_told_by_each_outcome_that_can_change():
    pair = twin(SMALL, seed=1, months=MONTHS)
    assert pair.deadweights["jobs"] is pair.deadweights["investment"] is pair.job_gain is None
    assert pair.effects_on("jobs") is None
    assert pair.effects_on("value_added") is not None
    with pytest.raises(InputError, match='one of "value_added", "jobs", "investment"'):
        pair.effects_on("profit")


def test_a_firm_that_closed_has_no_jobs_and_no_investment_afterwards():
    changes = {"growth.enabled": True, "growth.exit_hazard": 60.0, "growth.entry": 0.0}
    world = simulate(SMALL.replace(changes), MONTHS, 1).world
    gone = np.asarray(world.firms["standing"]) == VACANT
    assert gone.any()
    for outcome, (_, after) in OUTCOMES.items():
        assert (np.asarray(noted(world, outcome)[after])[gone] == 0.0).all()


def test_private_finance_mobilised_is_told_for_each_public_rupiah():
    since = {"public_cost": steps(100, 0, 1), "bank_credit": steps(100, 2, 4)}
    found = leverage_of(series(100, **since), series(100, bank_credit=np.full(100, 2.0)), SENTRA)
    assert found.bank_credit == pytest.approx(2.0)


def test_a_job_has_a_cost_where_jobs_are_surely_added():
    cost, gain = np.full(20, 60.0), np.full(20, 3.0)
    found = cost_of_activation(cost, [False] * 20, [False] * 20, job_gain=gain)
    assert found.per_job.value == found.per_job.low == found.per_job.high == pytest.approx(20.0)
    assert found.per_value_added is None
    unsure = np.array([3.0, -3.0] * 10)
    assert cost_of_activation(cost, [False] * 20, [False] * 20, job_gain=unsure).per_job is None
    assert cost_of_activation(cost, [False] * 20, [False] * 20).per_job is None


def test_a_firm_that_is_passed_over_is_never_served_and_others_are():
    for channel in ("individual", "group", "mixed"):
        scenario = SMALL.replace({"programme.channel": channel, "programme.budget": 900.0})
        assert int(simulate(scenario, 50, 1).world.firms["supported"][3]) > 0
        firms = simulate(scenario.replace({"programme.passed_over": 3}), 50, 1).world.firms
        assert (firms["supported"][3], firms["visited"][3], firms["loan"][3], firms["support_days"][3]) == (0, 0, 0, 0)
        assert (np.asarray(firms["supported"]) > 0).sum() > 5


def test_who_follows_on_the_site_of_a_firm_passed_over_is_served():
    changes = {"growth.enabled": True, "growth.exit_hazard": 90.0, "growth.entry": 1.0, "programme.budget": 900.0}
    scenario = SMALL.replace(changes | {"programme.end": 120, "programme.passed_over": 3})
    served = [int(simulate(scenario, 90, seed).world.firms["supported"][3]) for seed in range(1, 6)]
    assert max(served) > 40


def test_passing_over_a_firm_leaves_no_trace_where_nobody_is_served():
    for changes in ({"programme.enabled": False}, {"programme.budget": 0.0}):
        whole, other = (simulate(SMALL.replace(changes | {"programme.passed_over": site}), 60, 2) for site in (-1, 3))
        assert whole.digest == other.digest


def test_nobody_can_be_passed_over_who_is_not_there():
    with pytest.raises(InputError, match=r"programme\.passed_over = 14 is not below cluster\.firms = 14"):
        SMALL.replace({"programme.passed_over": 14})


def test_a_firms_own_effect_is_its_outcome_less_that_where_it_alone_was_passed_over():
    pair = twin(SMALL, seed=5, months=MONTHS)
    found = pair.own_effects(sample=100)
    supported = np.flatnonzero(np.asarray(pair.with_.world.firms["supported"]) > 0)
    assert [each.site for each in found.firms] == supported.tolist()
    assert found.supported == len(supported) > 2
    told = max(found.firms, key=lambda each: abs(each.own))
    other = simulate(SMALL.replace({"programme.passed_over": told.site}), MONTHS, 5).world.firms
    change = np.asarray(pair.with_.world.firms["value_after"]) - np.asarray(other["value_after"])
    assert told.own == change[told.site] != 0.0
    assert told.others == pytest.approx(change.sum() - change[told.site])
    assert found.mean.low == found.mean.high == pytest.approx(np.mean([each.own for each in found.firms]))


def test_a_sample_is_drawn_by_the_seed_among_the_supported():
    pair = twin(SMALL, seed=5, months=MONTHS)
    whole, two = (pair.own_effects(sample=count) for count in (100, 2))
    assert len(two.firms) == 2
    assert set(two.firms) < set(whole.firms)
    assert pair.own_effects(sample=2) == two


def test_the_mean_own_effect_has_students_interval_of_a_sample_without_replacement():
    found = OwnEffects("value_added", 8, tuple(OwnEffect(site, own, -own) for site, own in enumerate((1.0, 2.0, 6.0))))
    half = student_quantile(2) * np.std([1.0, 2.0, 6.0], ddof=1) * np.sqrt(5 / 8 / 3)
    assert (found.mean.value, found.mean.low, found.mean.high) == pytest.approx((3.0, 3.0 - half, 3.0 + half))
    assert found.on_others.value == -3.0
    assert OwnEffects("value_added", 8, found.firms[:1]).mean is None


def test_own_effects_are_not_told_where_there_is_nothing_to_tell():
    assert twin(SMALL, seed=1, months=MONTHS - 1).own_effects(1) is None
    assert twin(SMALL.replace({"programme.budget": 0.0}), seed=1, months=MONTHS).own_effects(1) is None
    pair = twin(SMALL, seed=1, months=MONTHS)
    assert pair.own_effects(1, "jobs") is None
    with pytest.raises(InputError, match="sample = 0 is not a whole number from 1 to 1000"):
        pair.own_effects(0)
    with pytest.raises(InputError, match=r"programme\.passed_over"):
        twin(SMALL.replace({"cluster.firms": 3}), seed=1, months=2, driver="agents").own_effects(1)
