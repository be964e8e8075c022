// Who wants to know when something that is shared has changed.
export function listeners() {
  const all = new Set<() => void>()
  return {
    add(listener: () => void): () => void {
      all.add(listener)
      return () => all.delete(listener)
    },
    tell(): void {
      for (const listener of all) listener()
    },
  }
}
