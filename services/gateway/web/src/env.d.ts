// What Vite puts in place of these when it builds.
interface ImportMeta {
  readonly env: { readonly PROD: boolean }
  readonly url: string
}
