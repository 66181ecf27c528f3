-- one row per cycle, unit, indicator and stage (self, county, prefecture, province): attainment x in [0, 1] by the
-- indicator's type; a state of `na` is a claimed or, at a later stage, an accepted 不适用 and has no x
create or replace view attainment as
with claim as (
    select
        current_submission.cycle, current_submission.unit, answer.indicator, 'self' as stage, answer.state,
        answer.choice, answer.number, answer.numerator, answer.denominator, answer.on_date
    from answer
    join current_submission on current_submission.submission = answer.submission
    union all
    select cycle, unit, indicator, stage, state, choice, number, numerator, denominator, on_date
    from current_review
),
final as (
    select
        claim.cycle, claim.unit, claim.indicator, claim.stage, claim.state,
        case
            when claim.state = 'na' then null
            when claim.choice is not null then coalesce(scheme_choice.value, 0)
            when scheme_indicator.type = 'count' then coalesce(clip_between(claim.number / scheme_indicator.target, 0, 1), 0)
            when scheme_indicator.type = 'ratio' then
                coalesce(
                    clip_between(coalesce(claim.number, claim.numerator / nullif(claim.denominator, 0)), 0, 1), 0
                )
            when scheme_indicator.type = 'date' then
                case when claim.on_date between current_window.first_day and current_window.last_day then 1 else 0 end
            else 0
        end::double as x
    from claim
    join cycle on cycle.cycle = claim.cycle
    join scheme_indicator
        on scheme_indicator.scheme_id = cycle.scheme_id
        and scheme_indicator.version = cycle.version
        and scheme_indicator.indicator = claim.indicator
    left join scheme_choice
        on scheme_choice.scheme_id = cycle.scheme_id
        and scheme_choice.version = cycle.version
        and scheme_choice.indicator = claim.indicator
        and scheme_choice.choice = claim.choice
    left join current_window
        on current_window.cycle = claim.cycle
        and current_window.indicator = claim.indicator
)
select * from final;
