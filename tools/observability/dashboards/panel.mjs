// Building blocks of dashboards: what Grafana needs of each, once.

export const datasource = { type: 'prometheus', uid: '${datasource}' };

const thresholds = { mode: 'absolute', steps: [{ color: 'green', value: null }] };

/** `legend` may hold {{label}}s; `color` and `dashed` mark a limit beside what it limits. */
export const query = (expr, legend, style = {}) => ({ expr, legend, style });

function targets(queries) {
  return queries.map(({ expr, legend }, index) => ({
    datasource,
    refId: String.fromCharCode(65 + index),
    expr,
    legendFormat: legend,
  }));
}

function overrides(queries) {
  return queries.flatMap(({ style }, index) => {
    const properties = [
      ...(style.dashed ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } }] : []),
      ...(style.color ? [{ id: 'color', value: { mode: 'fixed', fixedColor: style.color } }] : []),
      ...(style.steps ? [{ id: 'custom.lineInterpolation', value: 'stepAfter' }] : []),
      ...(style.dashed ? [{ id: 'custom.fillOpacity', value: 0 }] : []),
    ];
    if (properties.length === 0) return [];
    return [{ matcher: { id: 'byFrameRefID', options: String.fromCharCode(65 + index) }, properties }];
  });
}

/** Lines over time. `unit` is Grafana's; `width` of 24. */
export function lines({ title, description, unit, queries, width = 12, min = 0 }) {
  return {
    type: 'timeseries',
    title,
    description,
    datasource,
    width,
    height: 8,
    fieldConfig: {
      defaults: {
        unit,
        min,
        color: { mode: 'palette-classic' },
        custom: { lineWidth: 2, fillOpacity: 5, showPoints: 'never' },
        thresholds,
      },
      overrides: overrides(queries),
    },
    options: {
      legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: targets(queries),
  };
}

/** One number now, red from `bad` on. */
export function number({ title, description, unit, queries, width = 6, bad }) {
  return {
    type: 'stat',
    title,
    description,
    datasource,
    width,
    height: 4,
    fieldConfig: {
      defaults: {
        unit,
        thresholds: {
          mode: 'absolute',
          steps: [
            { color: 'green', value: null },
            { color: 'red', value: bad },
          ],
        },
      },
      overrides: [],
    },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'value',
      graphMode: 'area',
    },
    targets: targets(queries),
  };
}

/** States over time, a band a series: 1 is yes. */
export function states({ title, description, queries, width = 12 }) {
  const mappings = [
    {
      type: 'value',
      options: { 0: { text: 'no', color: 'transparent' }, 1: { text: 'yes', color: 'blue' } },
    },
  ];
  return {
    type: 'state-timeline',
    title,
    description,
    datasource,
    width,
    height: 8,
    fieldConfig: {
      defaults: { unit: 'bool', mappings, thresholds, custom: { fillOpacity: 80, lineWidth: 0 } },
      overrides: [],
    },
    options: {
      mergeValues: true,
      showValue: 'never',
      rowHeight: 0.8,
      legend: { displayMode: 'list', placement: 'bottom' },
    },
    targets: targets(queries),
  };
}

export const row = (title) => ({ type: 'row', title, width: 24, height: 1, collapsed: false, panels: [] });

/** A choice of label values, all by default. */
export const choice = (name, label, labelValues, extra = {}) => ({
  name,
  label,
  type: 'query',
  datasource,
  query: { query: labelValues, refId: name },
  definition: labelValues,
  includeAll: true,
  allValue: '.+',
  multi: true,
  current: { text: ['All'], value: ['$__all'] },
  refresh: 2,
  sort: 1,
  ...extra,
});

/** A mark wherever `expr` has a value. */
export const annotation = ({ name, expr, color, title, tags = '' }) => ({
  name,
  datasource,
  enable: true,
  hide: false,
  iconColor: color,
  expr,
  step: '15s',
  titleFormat: title,
  textFormat: '',
  tagKeys: tags,
});

/** Places panels from left to right in rows of 24, and numbers them. */
function placed(panels) {
  let [x, y, tallest] = [0, 0, 0];
  return panels.map(({ height, width, ...panel }, index) => {
    if (x + width > 24) [x, y, tallest] = [0, y + tallest, 0];
    const gridPos = { x, y, w: width, h: height };
    x += width;
    tallest = Math.max(tallest, height);
    return { id: index + 1, ...panel, gridPos };
  });
}

export function dashboard({ uid, title, description, variables = [], annotations = [], panels }) {
  return {
    uid,
    title,
    description,
    tags: ['scalelab'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    links: [
      {
        title: 'scalelab',
        type: 'dashboards',
        tags: ['scalelab'],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    annotations: { list: annotations },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' },
        ...variables,
      ],
    },
    panels: placed(panels),
  };
}
