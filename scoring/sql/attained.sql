-- attainment x in [0, 1] that a value stands for, by its indicator's type; null for 不适用. worth: of the named answer
create or replace macro attained(
    state, type, choice, worth, number, numerator, denominator, target, on_date, first_day, last_day
) as
    case
        when state = 'na' then null
        when choice is not null then coalesce(worth, 0)
        when type = 'count' then coalesce(clip_between(number / target, 0, 1), 0)
        when type = 'ratio' then
            coalesce(clip_between(coalesce(number, numerator / nullif(denominator, 0)), 0, 1), 0)
        when type = 'date' then case when on_date between first_day and last_day then 1 else 0 end
        else 0
    end::double;
