-- one row per unit of $region and below and rule of the scheme whose two conditions its own answers meet together, with both
-- answers as typed and the cells they stand in; a blank answer meets no condition
with asked as (
    select indicator, type from cycle_indicator
    where cycle = $cycle and indicator in (select indicator from cycle_unlikely where cycle = $cycle)
),
handed_in as (
    select submission.unit, submission.submission
    from current_submission as submission
    join unit
        on unit.cycle = submission.cycle
        and unit.unit = submission.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    where submission.cycle = $cycle
),
-- a step of its own: else every unit meets every indicator first
given as materialized (
    select submission, indicator, state, choice, number, numerator, denominator, on_date
    from answer
    where indicator in (select indicator from asked) and submission in (select submission from handed_in)
),
measured as (
    select
        given.submission, given.indicator, given.state = 'na' as is_na,
        case
            when given.state = 'na' then null
            when asked.type = 'date' then (given.on_date is not null)::double
            when given.choice is not null then choice.value
            else coalesce(given.number, given.numerator / nullif(given.denominator, 0))
        end as value
    from given
    join asked using (indicator)
    left join cycle_choice as choice
        on choice.cycle = $cycle
        and choice.indicator = given.indicator
        and choice.choice = given.choice
),
met as (
    select measured.submission, rule.rule, rule.position, rule.side, measured.indicator
    from cycle_unlikely as rule
    join measured on measured.indicator = rule.indicator
    where rule.cycle = $cycle
        and case
            when rule.is_na then measured.is_na
            else not measured.is_na
                and measured.value is not null
                and (rule.at_least is null or measured.value >= rule.at_least)
                and (rule.above is null or measured.value > rule.above)
                and (rule.at_most is null or measured.value <= rule.at_most)
        end
),
pair as materialized (
    select first.submission, first.rule, first.position, first.indicator as first_indicator, second.indicator as second_indicator
    from met as first
    join met as second
        on second.submission = first.submission
        and second.rule = first.rule
        and second.side = 'second'
    where first.side = 'first'
),
final as (
    select
        handed_in.unit as code, unit.name, unit.region, region.name as region_name, unit.category,
        category.name as category_name, pair.rule, pair.position,
        pair.first_indicator, first.text as first_answer, first.sheet as first_sheet,
        first.cell as first_cell, pair.second_indicator, second.text as second_answer,
        second.sheet as second_sheet, second.cell as second_cell
    from pair
    join answer as first on first.submission = pair.submission and first.indicator = pair.first_indicator
    join answer as second on second.submission = pair.submission and second.indicator = pair.second_indicator
    join handed_in on handed_in.submission = pair.submission
    join unit on unit.cycle = $cycle and unit.unit = handed_in.unit
    join region on region.region = unit.region
    join cycle_category as category on category.cycle = $cycle and category.category = unit.category
)
select * from final
order by position, region, code;
