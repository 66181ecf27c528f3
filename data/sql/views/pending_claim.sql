-- one row per cycle, unit and indicator whose claim of 不适用 waits for a ruling: the rows of shown_counted_value with the state
-- pending, found from the claims, which are few, and not from all answers
create or replace view pending_claim as
with standing as (
    select register.cycle, register.unit, answer.indicator
    from answer
    join results.register as register on register.submission = answer.submission
    join results.asked_of as asked_of
        on (asked_of.cycle, asked_of.profile, asked_of.indicator) = (register.cycle, register.profile, answer.indicator)
    anti join results.ruled as ruled
        on ruled.cycle = register.cycle
        and ruled.submission = register.submission
        and ruled.indicator = asked_of.indicator
    where answer.state = 'na' and asked_of.na = 'review'
        and (getvariable('publication') is null or register.cycle <> getvariable('publication_cycle'))
),
frozen as (
    select cycle, unit, indicator
    from published_counted_value
    where publication = getvariable('publication') and state = 'pending'
),
final as (
    select * from standing
    union all by name
    select * from frozen
)
select * from final;
