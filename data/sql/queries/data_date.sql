-- one row, or none: when the newest file of the cycle came in, whoever asks
select newest from cycle_stamp where cycle = $cycle;
