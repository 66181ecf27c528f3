-- one row per cycle, submitted unit and indicator of its set: the value that counts (the latest stage's, else the
-- unit's own) and the unit's own; x is null where the indicator leaves the set
--   state: answered, blank (nothing in the workbook: 0), na (left the set), pending (不适用 under review: 0 until ruled)
create or replace view counted_value as
with ruled as (
    select * from attainment where stage <> 'self'
),
self as (
    select * from attainment where stage = 'self'
),
joined as (
    select
        applicable.cycle, applicable.unit, applicable.indicator,
        current_submission.submission, asked.points, asked.na,
        self.state as self_claim, self.x as self_claim_x,
        ruled.stage, ruled.state as ruled_state, ruled.x as ruled_x
    from applicable
    join current_submission
        on current_submission.cycle = applicable.cycle
        and current_submission.unit = applicable.unit
    join cycle_indicator as asked
        on asked.cycle = applicable.cycle
        and asked.indicator = applicable.indicator
    left join self
        on self.submission = current_submission.submission
        and self.indicator = applicable.indicator
    left join ruled
        on ruled.submission = current_submission.submission
        and ruled.indicator = applicable.indicator
),
final as (
    select
        cycle, unit, indicator, submission, points, stage,
        case
            when ruled_state is not null then ruled_state
            when self_claim is null then 'blank'
            when self_claim = 'na' and na = 'free' then 'na'
            when self_claim = 'na' and na = 'review' then 'pending'
            else 'answered'
        end as state,
        case
            when ruled_state = 'na' then null
            when ruled_state is not null then ruled_x
            when self_claim = 'na' and na = 'free' then null
            else coalesce(self_claim_x, 0)
        end as x,
        case
            when self_claim = 'na' and na in ('free', 'review') then null
            else coalesce(self_claim_x, 0)
        end as self_x
    from joined
)
select * from final;
