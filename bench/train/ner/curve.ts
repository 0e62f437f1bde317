/** Draws recall over precision as an SVG. */

/** One choice of biases. */
export interface CurvePoint {
  /** The factor on the biases of the recall level `high`; 1 is `high` itself. */
  readonly step: number
  readonly recall: number
  readonly precision: number
}

/** A line of the plot. */
export interface Curve {
  readonly name: string
  readonly points: readonly CurvePoint[]
}

const WIDTH = 640
const HEIGHT = 440
const MARGIN = 60
/** Both axes show this value to 1. */
const LOWEST = 0.5
const COLOURS = ['#0b6e4f', '#c14953', '#3d5a80']

/** The text of the SVG. Values below the axes' lowest are drawn at the edge. */
export function drawCurves(curves: readonly Curve[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...axes(),
    ...curves.flatMap((curve, n) => lineOf(curve, COLOURS[n % COLOURS.length] ?? '#000', n)),
    '</svg>',
    '',
  ].join('\n')
}

function x(value: number): number {
  return Math.round(MARGIN + ((Math.max(LOWEST, value) - LOWEST) / (1 - LOWEST)) * (WIDTH - 2 * MARGIN))
}

function y(value: number): number {
  return Math.round(
    HEIGHT - MARGIN - ((Math.max(LOWEST, value) - LOWEST) / (1 - LOWEST)) * (HEIGHT - 2 * MARGIN),
  )
}

function axes(): string[] {
  const ticks = [0.5, 0.6, 0.7, 0.8, 0.9, 1]
  return [
    ...ticks.flatMap((tick) => [
      `<path d="M${x(tick)} ${y(LOWEST)}V${y(1)}M${x(LOWEST)} ${y(tick)}H${x(1)}" stroke="#ddd"/>`,
      `<text x="${x(tick)}" y="${y(LOWEST) + 18}" text-anchor="middle">${Math.round(tick * 100)}</text>`,
      `<text x="${x(LOWEST) - 8}" y="${y(tick) + 4}" text-anchor="end">${Math.round(tick * 100)}</text>`,
    ]),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 16}" text-anchor="middle">character precision, %</text>`,
    `<text x="18" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 18 ${HEIGHT / 2})">privacy recall, %</text>`,
  ]
}

function lineOf(curve: Curve, colour: string, n: number): string[] {
  const path = curve.points.map(
    (point, at) => `${at === 0 ? 'M' : 'L'}${x(point.precision)} ${y(point.recall)}`,
  )
  return [
    `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...curve.points.map(
      (point) =>
        `<circle cx="${x(point.precision)}" cy="${y(point.recall)}" r="${point.step === 1 ? 6 : 3}" fill="${colour}"/>`,
    ),
    `<text x="${MARGIN + 14}" y="${HEIGHT - MARGIN - 14 - 18 * n}" fill="${colour}">${curve.name} (large: high)</text>`,
  ]
}
