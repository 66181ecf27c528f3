-- one row per region and basis: counts and sums over the units registered in it or below
with leaf as (
    select
        region, basis,
        count(*) as registered,
        count(*) filter (state <> 'not_submitted') as submitted,
        count(*) filter (state <> 'not_submitted' and not is_late) as on_time,
        count(*) filter (score_exact is not null) as scored,
        sum(category_weight) filter (score_exact is not null) as scored_weight,
        sum(category_weight) filter (score_exact is not null or state = 'not_submitted') as bound_weight,
        sum(category_weight * score_exact) as earned,
        sum(category_weight * low) as low,
        sum(category_weight * high) as high,
        sum(category_weight * 100) filter (state = 'not_submitted') as missing_full,
        sum(category_weight * deductions) filter (score_exact is not null) as deductions,
        sum(category_weight * bonus) filter (score_exact is not null) as bonus,
        sum(category_weight * clipped) as clipped,
        sum(category_weight * veto) as veto,
        sum(category_weight * verified_share) as verified_share,
        sum(category_weight * self_base) filter (score_exact is not null) as self_base,
        sum(category_weight * base) filter (score_exact is not null and self_base is not null) as base,
        sum(category_weight) filter (score_exact is not null and self_base is not null) as self_weight
    from valued_unit
    group by all
),
final as (
    select region_member.ancestor as region, leaf.basis, sum(columns(leaf.* exclude (region, basis)))
    from leaf
    join region_member using (region)
    group by all
)
select * from final;
