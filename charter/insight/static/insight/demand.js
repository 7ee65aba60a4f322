// Demand as circles on longitude and latitude (no borders), by day and by way of travel. The tables below say the same.
import { data, draw } from "/static/core/charts.js";

const found = data("demand-data");
const most = Math.max(...found.places.map((place) => place.people), 1);

function map(element) {
  const chart = draw(element, {
    grid: { left: 48, right: 24, top: 36, bottom: 42 },
    xAxis: { name: found.words.east, type: "value", scale: true, nameLocation: "middle", nameGap: 26, axisLabel: { formatter: "{value}°" } },
    yAxis: { name: found.words.north, type: "value", scale: true, axisLabel: { formatter: "{value}°" } },
    tooltip: { formatter: (one) => `${one.data.name}\n${one.data.value[2]} ${found.words.people}` },
    series: [
      {
        type: "scatter",
        symbolSize: (value) => 6 + 38 * Math.sqrt(value[2] / most),
        itemStyle: { opacity: 0.6, borderColor: "#fff" },
        emphasis: { itemStyle: { opacity: 1 } },
        data: found.places.map((place) => ({ name: place.name, value: [place.lon, place.lat, place.people], code: place.code })),
      },
      {
        type: "effectScatter",
        silent: true,
        symbolSize: 12,
        showEffectOn: "emphasis",
        itemStyle: { color: "#a61c16" },
        label: { show: true, formatter: found.city.name, position: "left", color: "#a61c16" },
        data: found.city.lon === null ? [] : [[found.city.lon, found.city.lat]],
      },
    ],
  });
  chart.on("click", (event) => {
    const row = document.getElementById(`c${event.data.code}`);
    row?.scrollIntoView({ block: "center" });
    row?.focus?.();
  });
}

function days(element) {
  draw(element, {
    grid: { left: 52, right: 16, top: 36, bottom: 28 },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: found.days.map((day) => day[0]) },
    yAxis: { type: "value", name: found.words.people, minInterval: 1 },
    series: [{ type: "bar", name: found.words.people, data: found.days.map((day) => day[1]), barMaxWidth: 36 }],
  });
}

function modes(element) {
  draw(element, {
    grid: { left: 70, right: 44, top: 34, bottom: 26 },
    xAxis: { type: "value", minInterval: 1 },
    yAxis: { type: "category", inverse: true, data: found.modes.map((mode) => mode[0]) },
    series: [{ type: "bar", name: found.words.people, data: found.modes.map((mode) => mode[1]), barMaxWidth: 30, label: { show: true, position: "right" } }],
  });
}

for (const [id, show] of [["demand-map", map], ["demand-days", days], ["demand-modes", modes]]) {
  const element = document.getElementById(id);
  if (element) show(element);
}
