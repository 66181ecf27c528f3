-- one row per workbook that counts: its unit's profile, and its class: units of one region, profile and set of indicators
-- that left. Within a class one point p·λ weighs the same for every unit
with gone as (
    select submission, list(indicator order by indicator) as gone
    from claimed_na
    where is_gone
    group by submission
),
listed as (
    select submission, profile, region, category, category_weight, coalesce(gone, []) as gone
    from register
    left join gone using (submission)
    where submission is not null
),
class as (
    select row_number() over () as class, *
    from (select distinct region, profile, gone from listed)
),
final as (
    select listed.*, class.class
    from listed
    join class using (region, profile, gone)
)
select * from final;
