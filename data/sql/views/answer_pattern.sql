-- one row per unit that handed in in the cycle: how its own answers look as a whole, beside its category over the province;
-- a macro, so that other years' answers are not looked at: through its steps no condition on the cycle would reach them. Whoever asks
-- it has names of their own for these tables, so that it says whose it means
--   graded: its answers of the types yes_no and level; best: those of full marks; longest_run: the most equal ones in a row,
--   by what they earn and in the order of the sheet; is_uniform: all of them earn the same
--   peers: units of the category that handed in; uniform: those whose graded answers all earn the same; median_best: the
--   median of their shares of full marks
--   twins: other units of the category whose whole sheet is the same, answer by answer; twin_regions: regions that these
--   and the unit stand in; alike: others that were asked the same; chance: the probability that one of them has this sheet
--   if each answer were drawn by itself with the category's frequencies; sheet: a digest of the whole
create or replace macro answer_pattern(of_cycle) as table
with said as (
    select
        value.cycle, value.unit, value.submission, unit.region, unit.category, value.indicator, asked.position,
        value.self_x, answer.state = 'answered' and asked.type in ('yes_no', 'level') as is_graded,
        case
            when answer.state is null then ''
            when answer.state = 'na' then 'na'
            when answer.choice is not null then answer.choice
            when answer.on_date is not null then answer.on_date::varchar
            when answer.number is not null then answer.number::varchar
            else answer.numerator::varchar || '/' || answer.denominator::varchar
        end as said
    from assessment.shown_counted_value as value
    join assessment.unit as unit
        on unit.cycle = value.cycle
        and unit.unit = value.unit
    join assessment.cycle_indicator as asked
        -- compared as one: else every unit meets every indicator of the cycle first
        on (asked.cycle, asked.indicator) = (value.cycle, value.indicator)
    left join assessment.answer as answer
        on answer.submission = value.submission
        and answer.indicator = value.indicator
    where value.cycle = of_cycle
),
counted as (
    select cycle, category, indicator, said, count(*) as units from said group by all
),
frequency as (
    -- digests of answers, put together by xor, are the same for the same answers in whatever order; of 64 bits, for
    -- which two of 100,000 sheets meet once in three thousand million registers
    select
        cycle, category, indicator, said, ln(units / sum(units) over (partition by cycle, category, indicator)) as share_ln,
        md5_number_lower(indicator || '=' || said) as answer_digest, md5_number_lower(indicator) as question_digest
    from counted
),
whole as (
    select
        said.cycle, said.unit, said.submission, any_value(said.region) as region, said.category,
        bit_xor(frequency.answer_digest) as sheet, bit_xor(frequency.question_digest) as questions,
        exp(sum(frequency.share_ln)) as chance, count(*) as answers
    from said
    join frequency using (cycle, category, indicator, said)
    group by said.cycle, said.unit, said.submission, said.category
),
graded as (
    select
        submission, self_x,
        row_number() over (partition by submission order by position)
        - row_number() over (partition by submission, self_x order by position) as island
    from said
    where is_graded
),
run as (
    select submission, self_x, count(*) as answers from graded group by submission, self_x, island
),
run_of as (
    select
        submission, sum(answers)::bigint as graded, coalesce(sum(answers) filter (self_x = 1), 0)::bigint as best,
        max(answers) as longest_run, count(distinct self_x) = 1 as is_uniform
    from run
    group by submission
),
same as (
    select cycle, category, sheet, count(*) as units, count(distinct region) as regions from whole group by all
),
alike as (
    select cycle, category, questions, count(*) as units from whole group by all
),
joined as (
    select
        whole.cycle, whole.unit, whole.category, whole.answers, whole.chance, whole.sheet,
        coalesce(run_of.graded, 0) as graded, coalesce(run_of.best, 0) as best,
        run_of.best / run_of.graded as best_share, coalesce(run_of.longest_run, 0) as longest_run,
        coalesce(run_of.is_uniform, false) as is_uniform,
        same.units - 1 as twins, same.regions as twin_regions, alike.units - 1 as alike
    from whole
    left join run_of using (submission)
    join same using (cycle, category, sheet)
    join alike using (cycle, category, questions)
),
category as (
    select
        cycle, category, count(*) as peers, count(*) filter (is_uniform) as uniform,
        quantile_cont(best_share, 0.5) as median_best
    from joined
    group by all
),
final as (
    select joined.*, category.peers, category.uniform, category.median_best
    from joined
    join category using (cycle, category)
)
select * from final;
