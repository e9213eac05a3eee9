SELECT device.id, member.role, campaign_doc.id, doc.id
FROM campaign
JOIN device ON device.campaign = campaign.key
JOIN member ON member.key = device.member
LEFT JOIN doc AS campaign_doc ON campaign_doc.campaign = campaign.key AND campaign_doc.kind = 'campaign'
LEFT JOIN handed_out ON handed_out.device = device.key AND handed_out.access = 'write'
LEFT JOIN doc ON doc.key = handed_out.doc
WHERE campaign.id = $1 AND NOT device.is_revoked AND NOT device.is_placeholder
