// A plan that is computed: best and bound as two lines that close in on each other; the page is read anew at the end.
import { COLOURS, data, draw } from "/static/core/charts.js";

const element = document.getElementById("plan-chart");
const { words, history } = data("plan-data");
const money = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });

function lines(points) {
  return [
    { name: words.best, type: "line", showSymbol: false, step: "end", itemStyle: { color: COLOURS[0] }, data: points.map(([seconds, best]) => [seconds, best]) },
    { name: words.bound, type: "line", showSymbol: false, step: "end", itemStyle: { color: COLOURS[1] }, lineStyle: { type: "dashed" }, data: points.map(([seconds, , bound]) => [seconds, bound]) },
  ];
}

const chart = element && draw(element, {
  grid: { left: 88, right: 30, top: 40, bottom: 40 },
  legend: { top: 4, right: 60 },
  tooltip: { trigger: "axis", valueFormatter: (value) => `${money.format(value)} ${words.yuan}` },
  xAxis: { type: "value", name: words.seconds, nameLocation: "middle", nameGap: 24, min: 0 },
  yAxis: { type: "value", scale: true, name: words.yuan, axisLabel: { formatter: (value) => money.format(value) } },
  series: lines(history),
});

async function watch() {
  const answer = await fetch(element.dataset.progress);
  if (!answer.ok) return;
  const now = await answer.json();
  if (!["queued", "running"].includes(now.state)) {
    location.reload();
    return;
  }
  chart.setOption({ series: lines(now.history) });
  const put = (id, text) => (document.getElementById(id).textContent = text);
  put("plan-seconds", now.seconds.toFixed(1));
  if (now.best !== null) put("plan-best", money.format(now.best));
  if (now.bound !== null) put("plan-bound", money.format(now.bound));
  if (now.gap !== null) put("plan-gap", `${(now.gap * 100).toFixed(2)} %`);
  setTimeout(watch, 1500);
}

if (element?.dataset.progress) setTimeout(watch, 1000);
