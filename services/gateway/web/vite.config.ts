import { defineConfig } from 'vite'

// The officers' application lives below /petugas/; everything with a hash in its name below /petugas/aset/.
// `npm run dev` serves it from the sources and passes the rest to a running system: PATEN_URL=http://127.0.0.1:8080
export default defineConfig({
  base: '/petugas/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: 'dist',
    assetsDir: 'aset',
    target: 'es2020',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0, // the policy allows no data: addresses
  },
  server: {
    proxy: {
      '^/(v1|v|lacak)(/|$|\\?)': { target: process.env['PATEN_URL'] ?? 'http://127.0.0.1:8080' },
    },
  },
})
