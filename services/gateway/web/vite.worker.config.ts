import { defineConfig } from 'vite'

// The service worker: one plain script that imports nothing, under the address by which browsers know it.
export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2020',
    reportCompressedSize: false,
    rollupOptions: { input: 'src/worker/sw.ts', output: { format: 'iife', entryFileNames: 'sw.js' } },
  },
})
