SELECT id, number, kecamatan, service, has_email, amount_rupiah FROM notification.application WHERE false;
SELECT id, event, application, kind, channel, state, facts, attempts, address, error, created_at, sent_at
  FROM notification.message WHERE false;
SELECT 1 / (count (*) = 7)::integer FROM notification.template;
