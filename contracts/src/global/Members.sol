// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGlobalDao} from "../interfaces/IGlobalDao.sol";
import {Domains} from "./Domains.sol";

/// Which DAOs take part, who acts for them, and where their interest lies.
abstract contract Members is Domains {
    uint256 private constant MAX_DOMAINS = 8;
    uint256 private constant ALL_POINTS = 100;
    /// A DAO that could declare before each bid would be interested in everything.
    uint256 private constant DECLARE_AFTER = 7 days;
    uint256 private constant MAX_NAME = 64;
    uint256 private constant FULL_FIT = 1000;

    /// @inheritdoc IGlobalDao
    uint256 public daoCount;

    /// @inheritdoc IGlobalDao
    mapping(address account => uint256) public daoOf;

    mapping(uint256 dao => Dao) internal _daos;
    mapping(uint256 dao => bytes32[]) private _domains;
    mapping(uint256 dao => mapping(bytes32 domain => uint8)) private _points;

    /// @inheritdoc IGlobalDao
    function join(string calldata name, bytes32[] calldata domains, uint8[] calldata points)
        external
        returns (uint256 dao)
    {
        if (daoOf[msg.sender] != 0) revert AlreadyJoined();
        if (bytes(name).length == 0 || bytes(name).length > MAX_NAME) revert BadName();
        dao = ++daoCount;
        daoOf[msg.sender] = dao;
        (_daos[dao].account, _daos[dao].name) = (msg.sender, name);
        emit DaoJoined(dao, msg.sender, name);
        _declare(dao, domains, points);
    }

    /// @inheritdoc IGlobalDao
    function nameExecutive(uint256 dao, address executive) external {
        if (msg.sender != accountOf(dao)) revert NotForThisDao();
        _daos[dao].executive = executive;
        emit ExecutiveNamed(dao, executive);
    }

    /// @inheritdoc IGlobalDao
    function declareDomains(uint256 dao, bytes32[] calldata domains, uint8[] calldata points) external {
        if (!actsFor(dao, msg.sender)) revert NotForThisDao();
        if (block.timestamp < _daos[dao].declaredAt + DECLARE_AFTER) revert DeclaredTooSoon();
        _declare(dao, domains, points);
    }

    /// @inheritdoc IGlobalDao
    function daoAt(uint256 dao) external view returns (Dao memory) {
        return _daos[dao];
    }

    /// @inheritdoc IGlobalDao
    function accountOf(uint256 dao) public view returns (address) {
        return _daos[dao].account;
    }

    /// @inheritdoc IGlobalDao
    function executiveOf(uint256 dao) public view returns (address) {
        return _daos[dao].executive;
    }

    /// @inheritdoc IGlobalDao
    function actsFor(uint256 dao, address who) public view returns (bool) {
        return who != address(0) && (who == _daos[dao].account || who == _daos[dao].executive);
    }

    /// @inheritdoc IGlobalDao
    function isOne(uint256 dao, address reviewer, uint256 otherDao, address other) external view returns (bool) {
        address executive = executiveOf(dao);
        if (dao == otherDao || actsFor(otherDao, reviewer) || actsFor(otherDao, executive)) return true;
        return other != address(0) && (other == reviewer || other == executive);
    }

    /// @inheritdoc IGlobalDao
    function openTasks(uint256 dao) public view returns (uint256) {
        return _daos[dao].openTasks;
    }

    /// @inheritdoc IGlobalDao
    function domainsOf(uint256 dao) external view returns (bytes32[] memory domains, uint8[] memory points) {
        domains = _domains[dao];
        points = new uint8[](domains.length);
        for (uint256 i; i < domains.length; ++i) {
            points[i] = _points[dao][domains[i]];
        }
    }

    /// @inheritdoc IGlobalDao
    function fitOf(uint256 dao, bytes32 domain) public view returns (uint256 fit, uint256 points) {
        for (fit = FULL_FIT; domain != 0; fit /= 2) {
            points = _points[dao][domain];
            if (points != 0) return (fit, points);
            domain = parentOf[domain];
        }
        return (0, 0);
    }

    function _declare(uint256 dao, bytes32[] calldata domains, uint8[] calldata points) private {
        if (domains.length != points.length || domains.length == 0 || domains.length > MAX_DOMAINS) {
            revert BadDeclaration();
        }
        bytes32[] memory old = _domains[dao];
        for (uint256 i; i < old.length; ++i) {
            delete _points[dao][old[i]];
        }
        uint256 sum;
        for (uint256 i; i < domains.length; ++i) {
            if (!domainExists(domains[i])) revert UnknownDomain();
            if (points[i] == 0 || _points[dao][domains[i]] != 0) revert BadDeclaration();
            _points[dao][domains[i]] = points[i];
            sum += points[i];
        }
        if (sum > ALL_POINTS) revert BadDeclaration();
        _domains[dao] = domains;
        _daos[dao].declaredAt = uint48(block.timestamp);
        emit DomainsDeclared(dao, domains, points);
    }
}
