-- one row per registered unit, as its newest entry has it; kept by itself, for two steps read it
select unit, region, category, tags from unit where cycle = $cycle;
