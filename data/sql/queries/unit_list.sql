-- one row per registered unit of the region and category that the text finds, in the order asked for, and how many there
-- are (found); only those of the page: who shows them asks for their rows
with listed as (
    select score.unit, score.score, score.rank, category.position
    from result_unit_score as score
    join cycle_category as category
        on category.cycle = score.cycle
        and category.category = score.category
    where score.cycle = $cycle and score.basis = $basis
        and ($category is null or score.category = $category)
        and ($region is null or score.region in (select region from region_member where ancestor = $region))
        and (
            $text is null
            or score.unit in (
                select unit from unit
                where cycle = $cycle and (contains(name, $text) or contains(unit, upper($text)))
            )
        )
),
final as (
    select unit as code
    from listed
    order by
        case when $order = 'rank' then position end,
        case when $order = 'rank' then rank end nulls last,
        case when $order = 'lowest' then score else -score end nulls last,
        unit
    limit $most offset $skipped
)
select code, (select count(*) from listed) as found
from final;
