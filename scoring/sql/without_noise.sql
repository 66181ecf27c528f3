-- a sum less the last binary digits, which follow from the order of summation: equal units stay equal whoever adds them up
create or replace macro without_noise(value) as round(value, 12);
