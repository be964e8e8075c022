SELECT has_function_privilege ('bus.lag (text[])', 'execute'), has_function_privilege ('bus.undecided ()', 'execute');
