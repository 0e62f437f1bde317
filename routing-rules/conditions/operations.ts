/** Budgets, time and alerts: the state of the installation. */
import type { FactFamily } from './types.ts'

export const budget: FactFamily = {
  id: 'budget',
  facts: () => [
    {
      path: 'budget.team.month_used',
      kind: 'number',
      min: 0,
      max: Number.POSITIVE_INFINITY,
      about: "used part of the team's monthly budget; 1 is all of it",
      keys: ['budget', 'team', 'month_used'],
      read: (facts) => facts.budget.team.month_used,
    },
  ],
}

export const time: FactFamily = {
  id: 'time',
  facts: () => [
    {
      path: 'time.hour',
      kind: 'number',
      min: 0,
      max: 23,
      about: 'hour of the day',
      keys: ['time', 'hour'],
      read: (facts) => facts.time.hour,
    },
    {
      path: 'time.weekday',
      kind: 'number',
      min: 0,
      max: 6,
      about: 'day of the week, 0 is Sunday',
      keys: ['time', 'weekday'],
      read: (facts) => facts.time.weekday,
    },
  ],
}

export const alerts: FactFamily = {
  id: 'alerts',
  facts: () => [
    {
      path: 'alerts.open',
      kind: 'number',
      min: 0,
      max: Number.POSITIVE_INFINITY,
      about: 'open alerts of the installation',
      keys: ['alerts', 'open'],
      read: (facts) => facts.alerts.open,
    },
  ],
}
