// The report by day: person-trips as bars, persons brought so far as a line. The table below says the same.
import { COLOURS, data, draw } from "/static/core/charts.js";

const found = data("report-data");
const element = document.getElementById("report-days");
if (element) {
  draw(element, {
    grid: { left: 60, right: 60, top: 44, bottom: 28 },
    legend: { top: 4, left: 60 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: found.days.map((day) => day[0]) },
    yAxis: [
      { type: "value", minInterval: 1 },
      { type: "value", minInterval: 1, splitLine: { show: false } },
    ],
    series: [
      { type: "bar", name: found.words.trips, data: found.days.map((day) => day[1]), barMaxWidth: 36 },
      { type: "line", name: found.words.so_far, yAxisIndex: 1, data: found.days.map((day) => day[2]), itemStyle: { color: COLOURS[1] } },
    ],
  });
}
