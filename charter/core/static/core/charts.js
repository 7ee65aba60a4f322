// Charts of the desk by ECharts (a plain script that the page loads before): our colours and type, redrawn as the page
// changes its width. Tooltips are drawn, not written as HTML, since the page allows no inline style.
export const COLOURS = ["#1f5fae", "#8a5a00", "#06803f", "#a61c16", "#5d6570"];
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

export function data(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export function draw(element, option) {
  const chart = window.echarts.init(element);
  chart.setOption({
    color: COLOURS,
    animation: false,
    textStyle: { fontFamily: FONT },
    aria: { enabled: true, description: element.dataset.says || "" },
    toolbox: { right: 8, feature: { saveAsImage: { title: "PNG", name: element.id, pixelRatio: 2 } } },
    ...option,
    tooltip: { renderMode: "richText", ...option.tooltip },
  });
  new ResizeObserver(() => chart.resize()).observe(element);
  element.dataset.drawn = "1";
  return chart;
}
