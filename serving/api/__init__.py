"""The API under `/v1`: each module lists its routes (`serving.api.routes.Route`), from which app and description are
both made. What a route does is in `serving.cases`.
"""
