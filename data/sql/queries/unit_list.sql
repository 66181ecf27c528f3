-- one row per registered unit of the region and category that the text finds, in the order asked for, and how many there
-- are (found); only those of the page: who shows them asks for their rows; $categories: ids of the scheme's, in its order
with listed as (
    select score.unit, score.score, score.rank, list_position($categories, score.category) as position
    from result_unit_score as score
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
    where position is not null
    order by
        case when $order = 'rank' then position end,
        case when $order = 'rank' then rank end nulls last,
        case when $order = 'lowest' then score else -score end nulls last,
        unit
    limit $most offset $skipped
)
select code, (select count(position) from listed) as found
from final;
