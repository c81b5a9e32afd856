/** A small lifecycle with every kind of signal and deadline; `unit` is its shortest duration in seconds. */
export function simulatedLifecycle(version: number, unit: number): string {
  const after = (units: number): string => `PT${units * unit}S`;
  return `
kind: Lifecycle
name: simulated
version: ${version}
subject: customer
currency: GBP
settle: ${after(1)}
activity:
  - { event: Order Completed, role: purchase, amount: event.properties.total, currency: event.properties.currency }
  - { type: page, role: visit }
profile:
  orders: { count: purchase, occasion: ${after(1)} }
  spend: { sum: [purchase] }
  energy: { decayed: [visit, purchase], halfLife: ${after(2)} }
signals:
  firstOrder: { when: profile.orders >= 1 }
  habit: { when: profile.orders >= ${1 + version} }
  quiet: { absent: purchase, for: ${after(3)} }
  fading: { below: 0.5, of: energy }
  regular: { on: purchase, when: profile.orders >= 3, publish: true }
  back: { on: purchase }
stages:
  initial: onboarding
  states:
    onboarding: { on: { firstOrder: activation }, after: { ${after(2)}: dormancy } }
    activation: { on: { habit: in-life, quiet: dormancy } }
    in-life: { on: { quiet: dormancy, fading: retention } }
    dormancy: { on: { regular: in-life, back: activation }, after: { ${after(4)}: closed } }
    retention: { on: { regular: in-life, quiet: dormancy } }
    closed: { on: { back: activation } }
`;
}
