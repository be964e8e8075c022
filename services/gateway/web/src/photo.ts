// Photographs become small on the device: a telephone's picture of 6 MB would take minutes on a village's line, and a paper
// is readable at a third of its size.
const LONGEST_SIDE = 2000 // pixels; A4 at about 170 dpi
const QUALITY = 0.82

/** The picture as a JPEG of at most 2000 pixels, or the file itself where the browser cannot read it. */
export async function scaledDown(file: Blob, longest = LONGEST_SIDE): Promise<Blob> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return file
  }
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const paint = canvas.getContext('2d')
  if (paint) {
    paint.fillStyle = '#fff' // a transparent PNG would come out black
    paint.fillRect(0, 0, canvas.width, canvas.height)
    paint.drawImage(picture, 0, 0, canvas.width, canvas.height)
  }
  picture.close()
  const small = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
  return small && small.size < file.size ? small : file
}
