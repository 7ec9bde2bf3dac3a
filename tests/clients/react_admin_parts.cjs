// The parts of react-admin 3 that data providers use, without those that draw.
module.exports = {
  ...require('ra-core/lib/core/dataFetchActions'),
  ...require('ra-core/lib/auth/types'),
  HttpError: require('ra-core/lib/dataProvider/HttpError').default,
  fetchUtils: require('ra-core/lib/dataProvider/fetch'),
};
