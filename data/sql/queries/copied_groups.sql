-- one row per indicator and evidence text that stands word for word with at least two units of the province, one of them in
-- $region and below; texts of $evidence_length characters or more: how many units have it, in how many regions (province),
-- how many of them are those asked for (own)
with own as (
    select
        copied.indicator, copied.text, copied.length, copied.units, copied.regions, copied.unit, answer.evidence
    from copied_evidence as copied
    join unit
        on unit.cycle = copied.cycle
        and unit.unit = copied.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    join current_submission as submission
        on submission.cycle = copied.cycle
        and submission.unit = copied.unit
    join answer
        on answer.submission = submission.submission
        and answer.indicator = copied.indicator
    where copied.cycle = $cycle and copied.length >= $evidence_length
        and ($category is null or unit.category = $category)
),
summed as (
    select
        indicator, text, any_value(length) as length, any_value(units) as units, any_value(regions) as regions,
        count(*) as own, min_by(evidence, unit) as evidence
    from own
    group by indicator, text
),
final as (
    select summed.*, asked.title, asked.position
    from summed
    join cycle_indicator as asked on asked.cycle = $cycle and asked.indicator = summed.indicator
)
select * from final
order by units desc, length desc, position, text;
