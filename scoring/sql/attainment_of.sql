-- 1 − lost / (100 · weight) over several terms (`scoring.limits.attainment_of`); held between 0 and 1, for of terms that earned nothing the sums may leave −2e-16
create or replace macro attainment_of(lost, weight) as clip_between(1 - lost / nullif(100 * weight, 0), 0, 1);
