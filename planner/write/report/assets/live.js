"use strict";
(() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
    tooltip: { theme: "custom", disableDefaultStyle: true, offsetX: 14, offsetY: 14 },
  };

  function slide(figure, view, slider) {
    const box = figure.querySelector(".slider");
    if (!box) return;
    const input = box.querySelector("input"), shown = box.querySelector("output"), button = box.querySelector("button");
    const readout = figure.querySelector(".readout");
    let playing = null;
    const move = () => {
      const at = Number(input.value);
      shown.textContent = slider.labels[at];
      readout.textContent = slider.readouts[at];
      input.setAttribute("aria-valuetext", slider.readouts[at]);
      view.signal(slider.signal, at).runAsync();
    };
    const stop = () => { clearInterval(playing); playing = null; button.textContent = "Play"; };
    input.addEventListener("input", () => { stop(); move(); });
    button.addEventListener("click", () => {
      if (playing) return stop();
      if (input.value === input.max) input.value = 0;
      button.textContent = "Pause";
      move();
      playing = setInterval(() => {
        input.value = Number(input.value) + 1;
        move();
        if (input.value === input.max) stop();
      }, 220);
    });
    box.hidden = false;
  }

  async function draw(id, chart) {
    const figure = document.getElementById(id), plot = figure.querySelector(".plot"), live = plot.querySelector(".live");
    plot.classList.add("on");
    try {
      const spec = chart.spec, shape = spec.usermeta && spec.usermeta.aspect;
      if (shape) spec.height = Math.round(live.clientWidth * shape);
      const { view } = await vegaEmbed(live, spec, options);
      figure.view = view;
      for (const name of ["role", "aria-roledescription", "aria-label"]) live.removeAttribute(name);
      live.setAttribute("aria-hidden", "true");  // the plot around it says what it shows
      if (chart.slider) slide(figure, view, chart.slider);
    } catch (error) {
      plot.classList.remove("on");
      console.error(`${id}: ${error}`);
    }
  }

  (async () => {
    for (const [id, chart] of Object.entries(charts)) {
      await draw(id, chart);
      await new Promise((done) => setTimeout(done));
    }
    document.documentElement.dataset.charts = "ready";
  })();
})();
