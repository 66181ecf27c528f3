"""权重试算: ranks under weights moved by hand beside those that stand; nothing is kept until it is saved as a scheme."""

from pages.components.layout import page_header
from pages.components.results import choose_view
from pages.components.what_if_view import show_trial

view = choose_view("权重试算", levels=True)
timing = "截止前得分和名次还会变动，试算只就目前的填报而言。" if view.is_before_deadline else ""
page_header(
    "权重试算",
    f"移动责任制的权重、各维度指标分值的倍数，或逐项填写，新旧名次并列可见。{timing}",
    cycle=view.cycle,
    region=view.region,
    basis=view.basis,
)
show_trial(view)
