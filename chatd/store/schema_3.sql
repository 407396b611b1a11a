-- Where somebody is away belongs to his sessions.
ALTER TABLE accounts DROP COLUMN away;

-- A row that replaces another one is not seen by the triggers of version 2.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE n = new.n)
    BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
