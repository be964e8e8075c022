SELECT service, caller, key, request, status, reply, refused_at FROM bus.refusal WHERE false;
SELECT has_function_privilege ('bus.refused (text, text, text)', 'execute'), has_function_privilege ('bus.refuse (text, text, text, integer, text)', 'execute'),
       has_function_privilege ('bus.forget_refusals ()', 'execute');
