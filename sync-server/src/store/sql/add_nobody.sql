INSERT INTO member (id, campaign, name, role)
VALUES (randomblob(16), :campaign, '', 'canvasser')
