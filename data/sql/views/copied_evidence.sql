-- one row per cycle, unit and indicator whose evidence stands word for word elsewhere in the province for the same indicator;
-- compared without blanks and punctuation, and full width, ①, Ⅴ, ² as NFKC writes them;
-- length: its characters then, units: how many have it, this one among them, regions: how many regions they stand in
create or replace view copied_evidence as
with bare as (
    select
        submission.cycle, submission.unit, unit.region, answer.indicator,
        regexp_replace(nfc_normalize(answer.evidence), '[\s\p{P}\p{Z}]+', '', 'g') as text
    from current_submission as submission
    join answer on answer.submission = submission.submission
    join unit
        on unit.cycle = submission.cycle
        and unit.unit = submission.unit
    where answer.evidence <> ''
),
folded as (
    -- most texts have nothing to fold, and to find that out is much faster than to fold
    select
        cycle, unit, region, indicator,
        case
            when regexp_matches(text, '[！-￦①-⑨Ⅰ-ⅿ²³¹]') then
                translate(
                    text,
                    '＄＋０１２３４５６７８９＜＝＞ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＾｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｜～￠￡￢￤￥￦①②③④⑤⑥⑦⑧⑨ⅠⅤⅩⅬⅭⅮⅯⅰⅴⅹⅼⅽⅾⅿ²³¹',
                    '$+0123456789<=>ABCDEFGHIJKLMNOPQRSTUVWXYZ^`abcdefghijklmnopqrstuvwxyz|~¢£¬¦¥₩123456789IVXLCDMivxlcdm231'
                )
            else text
        end as text
    from bare
),
counted as (
    select *, length(text) as length, count(*) over (partition by cycle, indicator, text) as units
    from folded
    where text <> ''
),
final as (
    select
        * exclude (region),
        -- distinct regions of the text: places from the front and from the back meet one above their number
        dense_rank() over (partition by cycle, indicator, text order by region)
        + dense_rank() over (partition by cycle, indicator, text order by region desc) - 1 as regions
    from counted
    where units > 1
)
select * from final;
