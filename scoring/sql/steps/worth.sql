-- one row per indicator and named answer, with the attainment that it stands for
select cycle, indicator, choice, value from cycle_choice where cycle = $cycle;
