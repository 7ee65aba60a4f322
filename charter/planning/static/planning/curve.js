// Cost against people carried: each point is a scenario; flat at the end means that money no longer helps.
import { COLOURS, data, draw } from "/static/core/charts.js";

const { points, words } = data("curve-data");
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });

draw(document.getElementById("curve-chart"), {
  grid: { left: 70, right: 40, top: 40, bottom: 48 },
  tooltip: {
    trigger: "item",
    formatter: ({ value: [yuan, people] }) => `${words.yuan} ${number.format(yuan)}\n${words.people} ${number.format(people)}`,
  },
  xAxis: { type: "value", scale: true, name: words.yuan, nameLocation: "middle", nameGap: 28, axisLabel: { formatter: (value) => number.format(value) } },
  yAxis: { type: "value", scale: true, name: words.people },
  series: [{ type: "line", symbolSize: 9, itemStyle: { color: COLOURS[0] }, data: points }],
});
