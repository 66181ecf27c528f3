-- one row per answer of the workbooks between two: the position of its indicator (−1: none of the scheme's), the code of what is
-- named, and the amount (scoring/asked.py)
select
    submission,
    (coalesce(list_position($indicators, indicator), 0) - 1)::smallint as indicator,
    case when state = 'na' then -1 else coalesce(enum_code(try_cast(choice as answer_name)), 0) end::smallint as answer,
    case
        -- most are: of these nothing else is looked at
        when choice is not null then 'nan'::double
        else coalesce(
            number, numerator / nullif(denominator, 0), (on_date - date '1970-01-01')::double, 'nan'::double
        )
    end as amount
from answer
where submission between $first and $last;
