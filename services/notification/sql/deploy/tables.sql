-- The log of every message.  No name and no address is kept here: they are asked from intake when a message is sent.
BEGIN;

SELECT bus.install ('notification');

CREATE TABLE notification.application (
    id            uuid PRIMARY KEY,
    number        text,
    kecamatan     text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    service       text NOT NULL,
    has_email     boolean NOT NULL,                 -- as far as is known
    amount_rupiah bigint CHECK (amount_rupiah >= 0) -- once a bill was issued
);

-- Placeholders: {name} {number} {service} {kecamatan} {promise} {fee} {amount} {missing} {reason} {hours} {tracking} {complaint}
CREATE TABLE notification.template (
    kind    text PRIMARY KEY CHECK (kind IN ('registered', 'incomplete', 'payment_due', 'ready', 'done', 'rejected', 'withdrawn')),
    subject text NOT NULL CHECK (length (subject) BETWEEN 1 AND 150 AND subject !~ '[\r\n]'),
    body    text NOT NULL CHECK (length (body) BETWEEN 1 AND 4000)
);

CREATE TABLE notification.message (
    id          uuid PRIMARY KEY,
    event       uuid NOT NULL UNIQUE, -- what happened; one message for it
    application uuid NOT NULL REFERENCES notification.application,
    kind        text NOT NULL REFERENCES notification.template,
    channel     text NOT NULL CHECK (channel IN ('email')),
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'failed', 'skipped')),
    facts       jsonb NOT NULL,       -- of the event, for the text
    attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    address     text,                 -- masked: b***@contoh.id
    error       text,
    created_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX message_by_application ON notification.message (application, created_at);

INSERT INTO notification.template (kind, subject, body)
SELECT kind, subject,
       E'Yth. {name},\n\n' || body ||
       E'\n\nNomor permohonan: {number}\nLayanan: {service}\nBiaya: {fee}\n\n' ||
       E'Kantor: Kecamatan {kecamatan}\nJam layanan: {hours}\nPelacakan: {tracking}\nPengaduan: {complaint}\n\n' ||
       E'Pesan ini dikirim otomatis, jangan dibalas. Petugas tidak pernah meminta uang di luar biaya di atas; laporkan bila terjadi.\n'
  FROM (VALUES
       ('registered', 'Permohonan {number} diterima: {service}',
        E'berkas permohonan Anda lengkap dan sudah terdaftar.\nDijanjikan selesai: {promise}.\n\nYang perlu Anda lakukan: simpan tanda terima. Kami memberi tahu Anda bila dokumen siap.'),
       ('incomplete', 'Berkas belum lengkap: {service}',
        E'berkas permohonan Anda belum lengkap. Yang masih diperlukan:\n{missing}\n\nYang perlu Anda lakukan: bawa kelengkapan itu ke loket kecamatan. Waktu layanan dihitung sejak berkas lengkap.'),
       ('payment_due', 'Permohonan {number}: retribusi {amount}',
        E'dokumen Anda sudah ditandatangani. Retribusi sebesar {amount} harus dilunasi sebelum dokumen diserahkan.\n\nYang perlu Anda lakukan: bayar kepada kasir di kantor kecamatan dan mintalah tanda bukti pembayaran.'),
       ('ready', 'Permohonan {number}: dokumen siap diambil',
        E'dokumen Anda sudah selesai dan dapat diambil.\n\nYang perlu Anda lakukan: datang ke loket penyerahan dengan tanda terima dan tanda pengenal. Bila diwakilkan, pengambil membawa surat kuasa.'),
       ('done', 'Permohonan {number} selesai',
        E'dokumen Anda sudah diserahkan; permohonan ini selesai.\n\nYang perlu Anda lakukan: tidak ada. Bila Anda atau kuasa Anda belum menerima dokumen, segera hubungi saluran pengaduan.'),
       ('rejected', 'Permohonan {number} tidak dapat dikabulkan',
        E'permohonan Anda tidak dapat dikabulkan. Alasan: {reason}\n\nYang perlu Anda lakukan: tanyakan syarat yang belum terpenuhi di loket kecamatan. Anda dapat mengajukan kembali, atau menyampaikan keberatan melalui saluran pengaduan.'),
       ('withdrawn', 'Permohonan {number} dibatalkan',
        E'permohonan Anda sudah dibatalkan sesuai permintaan.\n\nYang perlu Anda lakukan: tidak ada. Bila Anda tidak memintanya, segera hubungi saluran pengaduan.')
       ) AS text (kind, subject, body);

COMMIT;
